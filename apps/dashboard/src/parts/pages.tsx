import type { VNode } from 'preact';

/** The way to the first page and to the next one of a list, each where there is one; `null` is the first page. */
export const Pages = ({
  label,
  after,
  next,
  to,
  words: [first, following] = ['First page', 'Next page'],
}: {
  label: string;
  /** After what this page begins. */
  after: string | null;
  /** After what the next one begins; null where there is none. */
  next: string | null;
  to: (after: string | null) => string;
  words?: readonly [first: string, next: string];
}): VNode | null => {
  if (after === null && next === null) return null;
  return (
    <nav class="pages" aria-label={label}>
      {after !== null && <a href={to(null)}>{first}</a>}
      {next !== null && (
        <a data-testid="next-page" href={to(next)}>
          {following}
        </a>
      )}
    </nav>
  );
};
