import * as g from 'graphql';
import { literal, stringLiteral } from './literals.mjs';

const words = [
  'item',
  'items',
  'name',
  'names',
  'nam',
  'id',
  'kind',
  'kinds',
  'node',
  'note',
  'first',
  'a',
  'b',
  'a2',
  'a10',
  'Name',
];
const executableLocations = [
  'QUERY',
  'MUTATION',
  'SUBSCRIPTION',
  'FIELD',
  'FRAGMENT_DEFINITION',
  'FRAGMENT_SPREAD',
  'INLINE_FRAGMENT',
  'VARIABLE_DEFINITION',
];
const typeSystemLocations = [
  'SCHEMA',
  'SCALAR',
  'OBJECT',
  'FIELD_DEFINITION',
  'ARGUMENT_DEFINITION',
  'INTERFACE',
  'UNION',
  'ENUM',
  'ENUM_VALUE',
  'INPUT_OBJECT',
  'INPUT_FIELD_DEFINITION',
  'DIRECTIVE_DEFINITION',
];

/**
 * A valid schema that uses whatever the type system has.
 * @param {import('./random.mjs').Random} random
 * @returns {{sdl: string, schema: g.GraphQLSchema}}
 */
export function makeSchema(random) {
  for (;;) {
    const sdl = new SchemaText(random).toString();
    try {
      const schema = g.buildSchema(sdl);
      if (g.validateSchema(schema).length === 0) return { sdl, schema };
    } catch {
      // Not every text that is made is a schema: the next one may be.
    }
  }
}

/** Writes the text of a schema. Definitions refer to each other by name and are made in any order. */
class SchemaText {
  #random;
  #enums;
  #scalars;
  #inputs;
  #interfaces = [];
  #objects;
  #unions;
  #directives;

  constructor(random) {
    this.#random = random;
    const names = (prefix, least, most) => random.times(least, most, () => prefix).map((name, i) => name + i);
    this.#enums = names('Enum', 1, 2);
    this.#scalars = names('Scalar', 0, 2);
    this.#inputs = names('Input', 1, 4);
    this.#objects = names('Object', 2, 5);
    this.#unions = names('Union', 0, 2);
    this.#directives = names('dir', 1, 3);
  }

  toString() {
    const random = this.#random;
    const definitions = [
      ...this.#directives.map((name) => this.#directive(name)),
      ...this.#enums.map((name) => this.#enum(name)),
      ...this.#scalars.map((name) => this.#scalar(name)),
      ...this.#inputs.map((name, i) => this.#input(name, i)),
      ...random.times(0, 3, () => null).map((_, i) => this.#interface(i)),
      ...this.#objects.map((name) => this.#object(name)),
      ...this.#unions.map((name) => this.#union(name)),
      ...this.#roots(),
    ];
    // Sorting by a random key puts a definition before or after what it refers to.
    const keyed = definitions.map((text) => [random.below(1_000), text]).sort(([one], [other]) => one - other);
    return keyed.map(([, text]) => text).join('\n');
  }

  #roots() {
    const random = this.#random;
    const isUsual = !random.once(4);
    const [query, mutation, subscription] = isUsual
      ? ['Query', 'Mutation', 'Subscription']
      : ['Root', 'Writes', 'Events'];
    const given = { query, ...(random.once(5) ? {} : { mutation }), ...(random.once(5) ? {} : { subscription }) };
    const roots = Object.values(given).map((name) => this.#object(name, 3));
    if (isUsual) return roots;
    const entries = Object.entries(given).map(([operation, name]) => `${operation}: ${name}`);
    const extension = entries.length > 1 && random.once(3) ? `\nextend schema { ${entries.pop()} }` : '';
    return [...roots, `${this.#description()}schema { ${entries.join(' ')} }${extension}`];
  }

  #description() {
    return this.#random.once(5) ? `${stringLiteral(this.#random)} ` : '';
  }

  #deprecated(isAllowed = true) {
    if (!isAllowed || !this.#random.once(9)) return '';
    return this.#random.once(2) ? ' @deprecated' : ` @deprecated(reason: ${stringLiteral(this.#random)})`;
  }

  #inputType(mostIndex = this.#inputs.length) {
    const random = this.#random;
    const leaves = ['Int', 'Float', 'String', 'Boolean', 'ID', ...this.#enums, ...this.#scalars];
    const named = random.once(4) && mostIndex > 0 ? this.#inputs[random.below(mostIndex)] : random.pick(leaves);
    return this.#wrap(named);
  }

  #wrap(named) {
    const random = this.#random;
    const inner = named + random.pick(['', '', '!']);
    return random.pick([inner, inner, inner, `[${inner}]`, `[${inner}]!`, `[[${inner}]]`, `[[${inner}]!]!`]);
  }

  #default(type) {
    if (!this.#random.once(3)) return '';
    const wrapped = g.parseType(type);
    return ` = ${this.#constant(wrapped)}`;
  }

  /** A constant of a type that is only known by its text; input objects have none. */
  #constant(node) {
    const random = this.#random;
    if (node.kind === 'NonNullType') return this.#constant(node.type);
    if (node.kind === 'ListType') return random.once(4) ? this.#constant(node.type) : `[${this.#constant(node.type)}]`;
    const name = node.name.value;
    if (this.#enums.includes(name)) return 'TEXT';
    const scalar = {
      Int: g.GraphQLInt,
      Float: g.GraphQLFloat,
      String: g.GraphQLString,
      Boolean: g.GraphQLBoolean,
      ID: g.GraphQLID,
    };
    if (name in scalar) return literal(random, new g.GraphQLNonNull(scalar[name]));
    return name.startsWith('Scalar') ? random.pick(['1', '{a: "b"}', '[]', 'X', '1e30']) : '{}';
  }

  #arguments(isInterface = false) {
    const random = this.#random;
    if (!random.once(3)) return '';
    const names = [...new Set(random.times(1, 3, () => random.pick(words)))];
    const texts = names.map((name) => {
      const type = isInterface ? this.#inputType().replace(/!$/, '') : this.#inputType();
      const value = this.#default(type);
      return `${this.#description()}${name}: ${type}${value}${this.#deprecated(!type.endsWith('!') || value !== '')}`;
    });
    return `(${texts.join(random.pick([', ', '\n']))})`;
  }

  #directive(name) {
    const random = this.#random;
    const locations = [...random.some(executableLocations, 2), ...random.some(typeSystemLocations, 5)];
    const repeatable = random.once(2) ? ' repeatable' : '';
    const text = `${this.#description()}directive @${name}${this.#arguments()}${this.#deprecated()}${repeatable}`;
    return `${text} on ${locations.length > 0 ? locations.join(' | ') : 'FIELD'}`;
  }

  #enum(name) {
    const random = this.#random;
    const values = ['TEXT', 'IMAGE', 'TEXTS', 'SYSTEM', 'text', 'TEXT2'].filter(
      (value, i) => i === 0 || random.once(2),
    );
    const texts = values.map((value) => this.#description() + value + this.#deprecated());
    const extension = random.once(6) ? `\nextend enum ${name} { MORE }` : '';
    return `${this.#description()}enum ${name} { ${texts.join(' ')} }${extension}`;
  }

  #scalar(name) {
    const url = '@specifiedBy(url: "https://example.org/scalar")';
    const text = `${this.#description()}scalar ${name}`;
    return this.#random.pick([text, `${text} ${url}`, `${text}\nextend scalar ${name} ${url}`]);
  }

  #input(name, index) {
    const random = this.#random;
    const isOneOf = random.once(4);
    const names = [...new Set(random.times(1, 4, () => random.pick(words)))];
    const fields = names.map((field) => {
      // A required field of an input object may only refer to one before it, or none could ever be made.
      const isFree = random.once(4);
      const type = isFree ? this.#inputType().replaceAll('!', '') : this.#inputType(index);
      if (isOneOf) return `${this.#description()}${field}: ${type.replace(/!$/, '')}${this.#deprecated()}`;
      const value = /Input/.test(type) ? '' : this.#default(type);
      return `${this.#description()}${field}: ${type}${value}${this.#deprecated(!type.endsWith('!') || value !== '')}`;
    });
    if (isOneOf) return `${this.#description()}input ${name} @oneOf { ${fields.join(' ')} }`;
    const extension = fields.length > 1 && random.once(6) ? `\nextend input ${name} { ${fields.pop()} }` : '';
    return `${this.#description()}input ${name} { ${fields.join(' ')} }${extension}`;
  }

  #outputType() {
    const interfaces = this.#interfaces.map(({ name }) => name);
    const composites = [...this.#objects, ...this.#unions, ...interfaces];
    const leaves = ['Int', 'Float', 'String', 'Boolean', 'ID', ...this.#enums, ...this.#scalars];
    return this.#wrap(this.#random.pick(this.#random.once(2) ? composites : leaves));
  }

  #field(name, isInterface = false) {
    return { name, arguments: this.#arguments(isInterface), type: this.#outputType() };
  }

  #fieldText(field) {
    return `${this.#description()}${field.name}${field.arguments}: ${field.type}${this.#deprecated()}`;
  }

  /** The interfaces with all that these implement; a type names them all. */
  #closure(interfaces) {
    return [...new Set(interfaces.flatMap((one) => [one, ...one.implements]))];
  }

  #interface(index) {
    const random = this.#random;
    const name = `Interface${index}`;
    const parents = this.#closure(random.some(this.#interfaces, 2));
    const own = random.times(1, 2, () => random.pick(words)).map((word) => this.#field(word + index, true));
    const fields = unique([...own, ...parents.flatMap((parent) => parent.fields)]);
    this.#interfaces.push({ name, implements: parents, fields });
    return this.#fieldsType('interface', name, parents, fields);
  }

  #object(name, least = 1) {
    const random = this.#random;
    const parents = this.#closure(random.some(this.#interfaces, 2));
    const inherited = parents
      .flatMap((parent) => parent.fields)
      .map((field) => (random.once(4) && !field.type.endsWith('!') ? { ...field, type: `${field.type}!` } : field));
    const own = random.times(least, least + 4, () => this.#field(random.pick(words)));
    const fields = unique([...inherited, ...own]);
    return this.#fieldsType('type', name, parents, fields);
  }

  #fieldsType(keyword, name, parents, fields) {
    const random = this.#random;
    const names = parents.map((parent) => parent.name).join(' & ');
    const texts = fields.map((field) => this.#fieldText(field));
    const extension = texts.length > 1 && random.once(6) ? `\nextend ${keyword} ${name} { ${texts.pop()} }` : '';
    const interfaces = names && ` implements ${names}`;
    return `${this.#description()}${keyword} ${name}${interfaces} { ${texts.join('\n  ')} }${extension}`;
  }

  #union(name) {
    const random = this.#random;
    const members = [random.pick(this.#objects), ...random.some(this.#objects, 2)];
    const names = [...new Set(members)];
    const extension = names.length > 1 && random.once(4) ? `\nextend union ${name} = ${names.pop()}` : '';
    return `${this.#description()}union ${name} = ${names.join(' | ')}${extension}`;
  }
}

const unique = (fields) => [...new Map(fields.map((field) => [field.name, field])).values()];
