/** The server's limit, counted in UTF-16 units as the server counts. */
export const TEXT_MAX = 10_000;
export const TEXT_WARN_FROM = 9_000;

/** What is sent: without the blank lines around it. Leading spaces of the first line may be code and stay. */
export function trimmed(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();
}
