const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One or two letters that stand for a name, whatever its script. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => firstLetter(word ?? '')).join('');
}

/** Angles of the colour circle that people tell apart at the lightness used. */
const hues = [25, 60, 110, 155, 195, 235, 280, 330] as const;

/** A colour that stays with the id (FNV-1a, which spreads similar ids). */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const sign of id) hash = Math.imul(hash ^ sign.charCodeAt(0), 0x01000193) >>> 0;
  return hues[hash % hues.length] ?? hues[0];
}

function firstLetter(word: string): string {
  const [first] = segmenter.segment(word);
  return first?.segment.toLocaleUpperCase() ?? '';
}
