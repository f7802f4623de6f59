import * as g from 'graphql';

const strings = [
  '""',
  '"hi"',
  '"\\u00e9\\n\\t\\"\\\\\\/\\b\\f\\r"',
  '"\\u{1F600}"',
  '"\\uD83D\\uDE00"',
  '"\\u{0}\\u{10FFFF}"',
  '"é 😀"',
  '"a\tb"',
  '"\\u007F\\u0080\\u009f"',
  '"# no comment"',
  `"${'long '.repeat(18)}"`,
  '"\u2028"',
  '""""""',
  '"""block"""',
  '"""\n  a\n    b\n\n  c\n"""',
  '"""a \\""" b"""',
  '"""ends with \\\\"""',
  '"""  lead"""',
  '"""\n\n   \n  x\n   \n"""',
  '"""tab\n\tx\n\t\ty"""',
  '"""\r\n one\r two\r\n"""',
  '""" " """',
  '"""\n"quoted"\n"""',
  '"""😀\n \\u00e9"""',
  '"""trailing  \n  """',
  '"""a\n b\n  c"""',
  '"""\u0007"""',
  `"""${'wide '.repeat(18)}"""`,
];
const ints = [
  '0',
  '-0',
  '1',
  '7',
  '-13',
  '42',
  '2147483647',
  '-2147483648',
  '2147483648',
  '-2147483649',
  '9007199254740993',
  '123456789012345678901234567890',
];
const floats = [
  '0.0',
  '-0.0',
  '1.5',
  '-2.25',
  '3e2',
  '1E-7',
  '1e21',
  '1.5e+20',
  '1e-6',
  '123456789.123456789',
  '5e-324',
  '1e308',
  '0.1',
  '100e-2',
  '12345678901234567890.5',
];
const anything = [
  '1',
  '"a"',
  '{a: [1, {b: TEXT}], c: null}',
  'true',
  '[[]]',
  'ENUM',
  '{}',
  '1e3',
  '{z: 1, a: 2}',
  '[1, [2]]',
];

/** Numbers as they are in JSON; JavaScript writes some of them in a form of its own. */
const jsonNumbers = [
  0, -0, 1, 7, -13, 2147483647, -2147483648, 2147483648, -2147483649, 1.5, 0.1, -2.25, 1e21, 1.5e-7, 1e-6, 1e20,
  9007199254740993, 12345678901234567890, 5e-324, 1.7976931348623157e308,
];
const jsonStrings = ['', 's', 'é 😀', '"quoted"\\', 'line\nline', 'TEXT', '4', '\u2028\u007f\u0001', 'x'.repeat(90)];

/** @param {import('./random.mjs').Random} random */
export const stringLiteral = (random) => random.pick(strings);

function scalarLiteral(random, name, place) {
  switch (name) {
    case 'Int':
      return random.once(place.mistakes ? 4 : 60) ? random.pick(ints) : String(random.below(100) - 50);
    case 'Float':
      return random.pick(random.once(2) ? ints : floats);
    case 'Boolean':
      return random.pick(['true', 'false']);
    case 'ID':
      return random.pick(['"x"', '7', '-0', '123456789012345678901234567890', stringLiteral(random)]);
    case 'String':
      return stringLiteral(random);
    default:
      return random.pick(anything);
  }
}

const wrong = [
  'null',
  '1',
  '"wrong"',
  'WRONG',
  '{}',
  '{wrong: 1}',
  '[]',
  '[null]',
  'true',
  '1.5',
  '[[1]]',
  '{id: null}',
];

/**
 * A literal that mostly is of the type.
 * @param {import('./random.mjs').Random} random
 * @param {g.GraphQLInputType} type
 * @param {{variable?: (type: g.GraphQLInputType) => string | null, mistakes?: boolean}} place what else may stand there
 */
export function literal(random, type, place = {}, depth = 0) {
  const variable = place.variable && random.once(5) ? place.variable(type) : null;
  if (variable !== null) return variable;
  if (place.mistakes && random.once(40)) return random.pick(wrong);
  if (g.isNonNullType(type))
    return literal(random, type.ofType, { ...place, variable: undefined, required: true }, depth);
  if (!place.required && random.once(12)) return 'null';
  const inner = { ...place, required: false };
  if (g.isListType(type)) {
    // One item may stand for a list of one, but not a variable of the item's type.
    if (random.once(5)) return literal(random, type.ofType, { ...inner, variable: undefined }, depth + 1);
    const length = random.once(60) ? 300 : 3;
    const items = random.times(0, depth > 2 ? 1 : length, () => literal(random, type.ofType, inner, depth + 1));
    return `[${items.join(', ')}]`;
  }
  if (g.isEnumType(type)) return random.pick(type.getValues()).name;
  if (g.isInputObjectType(type)) return objectLiteral(random, type, inner, depth);
  return scalarLiteral(random, type.name, place);
}

/** The fields to give; from some depth on none that could be left out, so that there is an end. */
function chooseFields(random, type, fields, depth) {
  if (!type.isOneOf) return fields.filter((field) => g.isRequiredInputField(field) || (depth < 3 && random.once(3)));
  const leaves = fields.filter((field) => g.isLeafType(g.getNamedType(field.type)));
  return depth < 3 ? [random.pick(fields)] : leaves.slice(0, 1);
}

function objectLiteral(random, type, place, depth) {
  const fields = Object.values(type.getFields());
  const chosen = chooseFields(random, type, fields, depth);
  const entries = chosen.map((field) => {
    const fieldType = type.isOneOf ? new g.GraphQLNonNull(field.type) : field.type;
    return `${field.name}: ${literal(random, fieldType, place, depth + 1)}`;
  });
  if (place.mistakes && random.once(40)) entries.push(`${random.pick(fields).name}x: 1`);
  if (place.mistakes && random.once(40)) entries.push(`${random.pick(fields).name}: null`);
  return `{${entries.join(random.pick([', ', ' ', ',']))}}`;
}

const wrongJson = [
  null,
  1,
  'wrong',
  {},
  { wrong: 1 },
  [],
  [null],
  true,
  1.5,
  [[1]],
  { id: null },
  { a: { b: { c: 1 } } },
];

/** A JSON value that mostly is of the type; undefined is none. */
export function jsonValue(random, type, depth = 0) {
  if (random.once(15)) return random.pick(wrongJson);
  if (g.isNonNullType(type)) return jsonValue(random, type.ofType, depth) ?? jsonValue(random, type.ofType, depth);
  if (random.once(9)) return null;
  if (g.isListType(type)) {
    if (random.once(5)) return jsonValue(random, type.ofType, depth + 1);
    return random.times(0, random.once(20) ? 14 : 3, () => jsonValue(random, type.ofType, depth + 1));
  }
  if (g.isEnumType(type))
    return random.once(8) ? random.pick(['TEXTS', 'nope', 3]) : random.pick(type.getValues()).name;
  if (g.isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const chosen = chooseFields(random, type, fields, depth);
    const value = Object.fromEntries(chosen.map((field) => [field.name, jsonValue(random, field.type, depth + 1)]));
    return random.once(20) ? { ...value, [`${random.pick(fields).name}s`]: 1 } : value;
  }
  switch (type.name) {
    case 'Int':
    case 'Float':
      return random.once(8) ? random.pick(jsonStrings) : random.pick(jsonNumbers);
    case 'Boolean':
      return random.pick([true, false]);
    case 'ID':
      return random.pick(random.once(2) ? jsonNumbers : jsonStrings);
    case 'String':
      return random.pick(jsonStrings);
    default:
      return random.pick([{ b: 1, a: [1e21, { x: null }] }, 'any', 1.5, true, [], {}, [[{}]], { 'a b': '\u0001' }]);
  }
}
