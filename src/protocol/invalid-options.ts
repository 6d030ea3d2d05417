/** Thrown where a function of this package is called with options that can't work; the message names each of them. */
export class InvalidOptionsError extends TypeError {
  override readonly name = 'InvalidOptionsError'
  readonly code = 'invalid_options'
}
