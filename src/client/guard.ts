/** Reports what a callback throws as an uncaught error, so that it does not end the connection. */
export function guard(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}
