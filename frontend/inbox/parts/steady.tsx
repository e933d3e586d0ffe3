/** Draws a component again only when its own properties or signals change; `memo` of preact/compat, without the rest of compat. */
import { Component, type FunctionComponent } from "preact";

export function steady<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Steady extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return (Object.keys(next) as (keyof P)[]).some((key) => next[key] !== this.props[key]);
    }

    override render() {
      return <Inner {...(this.props as P)} />;
    }
  }
  return Steady as unknown as FunctionComponent<P>;
}
