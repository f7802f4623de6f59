export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

const address = /https?:\/\/[^\s<>"'`]+/giu;
/** Signs that end a sentence rather than an address. */
const trailing = /[.,;:!?)\]}*_~]+$/u;

/** Splits a message at its web addresses. Nothing else is ever turned into markup. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const href = withoutTrailing(match[0]);
    if (!URL.canParse(href)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null });
    parts.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}

/** A closing bracket stays when the address itself opens it, as in …/Foo_(bar). */
function withoutTrailing(found: string): string {
  const cut = found.replace(trailing, '');
  const balanced = found.slice(0, cut.length + 1);
  return balanced.endsWith(')') && cut.includes('(') && !cut.includes(')') ? balanced : cut;
}
