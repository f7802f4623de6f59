const token = /"""[\s\S]*?"""|"(?:\\.|[^"])*"|[A-Za-z_]\w*|-?\d[\d.e]*|\.\.\.|#[^\n]*|[^\sA-Za-z_]|\s+/g;

const inserted = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '$',
  '@',
  '!',
  '...',
  '..',
  '.5',
  '|',
  '&',
  '=',
  ':',
  'on',
  'null',
  'true',
  '"',
  '"""',
  'foo',
  '1.',
  '01',
  '-',
  '1e',
  '0xF',
  '\\',
  "'",
  '"\\x"',
  '"\\uD800"',
  '"\\uDC00"',
  '"\\uD83D\\uD83D"',
  '"\\u{110000}"',
  '"\\u{}"',
  '"\\u{D800}"',
  '"\\u12"',
  '"\\u{12',
  '"\n"',
  '"""\\"""',
  '\u0000',
  '\u0007',
  '\ud800',
  '\udc00',
  '😀',
  'é',
  '~',
  '"\ud800"',
  '"""\ud800"""',
  '#\ud800',
  '\ufeff',
  '\u00a0',
  '\u2028',
  'query',
  'fragment F9 on Query { a }',
  'extend',
  'type',
  '1_',
  '1.e1',
];
const replaced = [
  'id',
  'name',
  'Object0',
  'Input0',
  'nope',
  '3',
  'TEXT',
  '$zz',
  'Int',
  'mutation',
  'subscription',
  '__typename',
  '"x"',
];

/**
 * Changes a few tokens of a document: most results are invalid, many cannot even be parsed.
 * @param {import('./random.mjs').Random} random
 * @param {string} text
 */
export function mutate(random, text) {
  if (random.once(6)) return mutateCharacters(random, text);
  const tokens = text.match(token) ?? [''];
  for (const change of random.times(1, 3, () => random.below(5))) {
    const at = random.below(tokens.length);
    const other = random.below(tokens.length);
    if (change === 0) tokens.splice(at, 1);
    else if (change === 1) tokens.splice(at, 0, random.pick(inserted));
    else if (change === 2) tokens[at] = random.pick(replaced);
    else if (change === 3) tokens.splice(at, 0, ...tokens.slice(other, other + 1 + random.below(8)));
    else [tokens[at], tokens[other]] = [tokens[other], tokens[at]];
    if (tokens.length === 0) return '';
  }
  return tokens.join('');
}

function mutateCharacters(random, text) {
  const at = random.below(text.length + 1);
  if (random.once(3)) return text.slice(0, at);
  return text.slice(0, at) + random.pick(['', ...inserted]) + text.slice(at + random.below(3));
}
