import {
  type ComponentPropsWithoutRef,
  type CSSProperties,
  cloneElement,
  createElement,
  type HTMLAttributes,
  isValidElement,
  type ReactElement,
  type Ref,
  type RefAttributes,
  version,
} from 'react'
import type { KycUploadStatusView } from '../upload-status/view.ts'

/** The props of a part's element. They fit any kind of element, so the ref is to none in particular. */
export type KycPartElementProps = HTMLAttributes<HTMLElement> & RefAttributes<never>

/** The options of each part, besides the attributes of its element. A `View` is what its component shows. */
export interface KycPartOptions<View = KycUploadStatusView> {
  className?: string | ((view: View) => string | undefined)
  style?: CSSProperties | ((view: View) => CSSProperties | undefined)
  /**
   * Replaces the part's element by another one, which gets the part's attributes and keeps its own, or by the result of a
   * function of attributes and view.
   */
  render?: ReactElement<Record<string, unknown>> | ((props: KycPartElementProps, view: View) => ReactElement)
}

export type KycPartProps<Tag extends keyof React.JSX.IntrinsicElements, View = KycUploadStatusView> = Omit<
  ComponentPropsWithoutRef<Tag>,
  keyof KycPartOptions
> &
  KycPartOptions<View>

/**
 * Renders a part: its own attributes, and over them what the application has given.
 *
 * @param attributes - the data attributes by which a stylesheet finds it.
 */
export function renderElement<View>(
  attributes: object,
  tag: string,
  own: object,
  { className, style, render, ...given }: KycPartOptions<View> & object,
  view: View,
): ReactElement {
  const props: KycPartElementProps = merge(
    { ...attributes, ...own },
    {
      ...given,
      className: typeof className === 'function' ? className(view) : className,
      style: typeof style === 'function' ? style(view) : style,
    },
  )
  if (typeof render === 'function') return render(props, view)
  if (!render) return createElement(tag, props)
  const { ref: _, ...theirs } = render.props
  return cloneElement(render, { ...merge({ ...props }, theirs), ref: props.ref ?? refOf(render) })
}

/** Reads the ref that an application has given to its element. React 19 keeps it among the props, React 18 beside them. */
export function refOf<T>(render: unknown): Ref<T> | undefined {
  if (!isValidElement<object>(render)) return undefined
  const holder: object = Number.parseInt(version, 10) >= 19 ? render.props : render
  return 'ref' in holder ? (holder.ref as Ref<T>) : undefined
}

/** Merges two sets of props. The second wins, but both handle events, the second first, and classes and styles add up. */
function merge(own: Record<string, unknown>, given: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...own }
  for (const [name, value] of Object.entries(given)) {
    const before = own[name]
    if (value === undefined) continue
    if (/^on[A-Z]/.test(name) && isCallback(before) && isCallback(value)) merged[name] = inTurn(value, before)
    else if (name === 'className' && before) merged[name] = `${before} ${value}`
    else if (name === 'style' && before) merged[name] = { ...before, ...Object(value) }
    else merged[name] = value
  }
  return merged
}

type Callback = (event?: { defaultPrevented?: boolean }) => void

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function'
}

/** Calls both, unless the first one calls `preventDefault()`. */
function inTurn(first: Callback, second: Callback): Callback {
  return (event) => {
    first(event)
    if (!event?.defaultPrevented) second(event)
  }
}

/** Gives one element to several refs. */
export function mergeRefs<T>(...refs: readonly (Ref<T> | undefined)[]): (element: T | null) => void {
  return (element) => {
    for (const ref of refs) {
      if (typeof ref === 'function') ref(element)
      else if (ref) ref.current = element
    }
  }
}
