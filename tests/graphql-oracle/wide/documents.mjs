import * as g from 'graphql';
import { jsonValue, literal, stringLiteral } from './literals.mjs';

const deepest = 6;
const fragmentsMax = 6;
const separators = [' ', ' ', ' ', '\n', '\r\n', '\r', ',', '\t', ' # comment "{\n', '\ufeff '];
const typeSystem = [
  'type New { a: Int }',
  'extend type Query { more: New }',
  'scalar Object0',
  'directive @skip on FIELD | QUERY',
  'directive @dir0(a: Int!) repeatable on FIELD',
  'extend schema @dir0',
  'enum Enum9 { A B A @deprecated }',
  'interface I9 implements I8 & New { b(c: [New!] = 1 @dir1): Unknown }',
  'extend union U9 = Object0',
  'schema { query: Q }',
  'input In9 @oneOf @oneOf { a: Int = {b: "x"} @deprecated(reason: 1) }',
  '"described" extend type A { b: C }',
  '"""described""" scalar Date @specifiedBy(url: "u") @specifiedBy',
  'extend enum E9 @dir1(x: 1)',
  'extend directive @dir0 @deprecated',
  'subscription',
  'fragment',
  'extend',
  'type T9 { a(b: Int = $v): Int }',
  'union Empty',
  'type T8 implements',
  'extend scalar S9',
];

/**
 * Makes one document over a schema, with the variables for one of its operations. Mostly it is valid.
 * @param {import('./random.mjs').Random} random
 * @param {g.GraphQLSchema} schema
 */
export function makeDocument(random, schema) {
  return new DocumentText(random, schema).make();
}

class DocumentText {
  #random;
  #schema;
  #composites;
  #fragments = [];
  #variables = [];
  #aliases = 0;
  #isCareless;

  constructor(random, schema) {
    this.#random = random;
    this.#schema = schema;
    // Half of the documents have no mistakes on purpose, so that they get as far as execution.
    this.#isCareless = random.once(2);
    this.#composites = Object.values(schema.getTypeMap()).filter(
      (type) => g.isCompositeType(type) && !type.name.startsWith('__'),
    );
  }

  make() {
    const random = this.#random;
    const several = random.pick([
      ['A', 'B'],
      ['A', 'B', 'C'],
      ['', 'B'],
      ['A', 'A'],
    ]);
    const names = random.once(6) ? several : random.pick([['A'], ['A'], ['']]);
    const isMany = names.length > 1;
    const isCareful = isMany && !this.#isCareless;
    const bodies = (isCareful ? ['A'] : names).map((name) => this.#operation(name));
    const operations = bodies.map(({ name, kind, body }) => this.#header(name, kind) + body);
    if (isCareful) operations.push('query B { __typename }');
    const definitions = [...operations, ...this.#fragments.map(({ text }) => text)];
    if (this.#isCareless && random.once(12)) definitions.splice(random.below(2), 0, random.pick(typeSystem));
    const usual = isMany ? random.pick(['A', 'A', 'B']) : random.pick([undefined, names[0] || undefined]);
    const operationName = random.once(12) ? random.pick(['A', 'Z', undefined]) : usual;
    const doc = definitions.join(random.pick(separators));
    return { doc, ...(operationName && { operationName }), variables: this.#variableValues() };
  }

  #careless(n) {
    return this.#isCareless && this.#random.once(n);
  }

  #operation(name) {
    const random = this.#random;
    const kinds = ['query', 'query', 'query', 'mutation', 'subscription'];
    const kind = kinds.find((candidate, i) => i === kinds.length - 1 || random.once(kinds.length - i));
    const root = this.#schema.getRootType(kind);
    const type = root ?? this.#schema.getQueryType();
    if (kind === 'subscription' && !this.#careless(4)) {
      const field = random.pick(Object.values(type.getFields()));
      return { name, kind: root ? kind : 'query', body: `{ ${this.#field(field, 0)} }` };
    }
    return {
      name,
      kind: root || this.#careless(3) ? kind : 'query',
      body: this.#selectionSet(type, 0, kind === 'query'),
    };
  }

  #header(name, kind) {
    const random = this.#random;
    if (name === '' && kind === 'query' && this.#variables.length === 0 && random.once(3)) return '';
    const description = random.once(9) ? `${stringLiteral(random)} ` : '';
    const variables = this.#careless(20) ? this.#variables.slice(1) : this.#variables;
    const definitions = variables
      .map((variable) => this.#variableDefinition(variable))
      .join(random.pick([', ', ' ', '\n']));
    return `${description}${kind} ${name}${definitions && `(${definitions})`}${this.#directives(kind.toUpperCase())} `;
  }

  #variableDefinition({ name, type, value }) {
    const random = this.#random;
    const description = random.once(15) ? `${stringLiteral(random)} ` : '';
    return `${description}$${name}: ${type}${value && ` = ${value}`}${this.#directives('VARIABLE_DEFINITION', true)}`;
  }

  #variableValues() {
    const random = this.#random;
    const values = {};
    for (const { name, type } of this.#variables) {
      const known = g.typeFromAST(this.#schema, g.parseType(type));
      if (!g.isInputType(known) || (random.once(4) && !g.isNonNullType(known))) continue;
      const value = jsonValue(random, known);
      // A null in @skip or @include is where we differ: see ../README.md.
      if (type !== 'Boolean' || value !== null) values[name] = value;
    }
    if (random.once(20)) values.unused = 1;
    return values;
  }

  /** A variable for a place, mostly of its type, or null where there are enough of them. */
  #variable(type) {
    const random = this.#random;
    const known = this.#variables.find((variable) => variable.type === String(type));
    if (known && random.once(2)) return `$${known.name}`;
    if (this.#variables.length > 5) return null;
    const nullable = g.getNullableType(type);
    const variants = [String(type), `${nullable}!`, String(type)];
    if (this.#isCareless) variants.push(String(nullable), `[${nullable}]`, 'Int', 'String!', 'Nope', 'Object0');
    const name = random.pick(['v', 'value', 'if']) + this.#variables.length;
    const chosen = random.pick(variants);
    const variableType = g.typeFromAST(this.#schema, g.parseType(chosen));
    const hasDefault = random.once(3) && g.isInputType(variableType);
    const value = hasDefault ? literal(random, variableType, { mistakes: this.#careless(5) }) : '';
    this.#variables.push({ name, type: chosen, value });
    return `$${this.#careless(60) ? 'undefined' : name}`;
  }

  #literal(type) {
    return literal(this.#random, type, { variable: (place) => this.#variable(place), mistakes: this.#isCareless });
  }

  #arguments(definitions, isConstant = false) {
    const random = this.#random;
    const given = definitions.filter((argument) =>
      g.isRequiredArgument(argument) ? !this.#careless(40) : random.once(2),
    );
    const texts = given.map(({ name, type }) => `${name}: ${isConstant ? literal(random, type) : this.#literal(type)}`);
    if (texts.length > 0 && this.#careless(60)) texts.push(texts[0]);
    if (this.#careless(60)) texts.push(`${random.pick(['item', 'nam', 'unknown'])}: 1`);
    return texts.length > 0 ? `(${texts.join(random.pick([', ', ' ']))})` : '';
  }

  #directives(location, isConstant = false) {
    const random = this.#random;
    if (!random.once(8)) return '';
    const fitting = this.#schema.getDirectives().filter((directive) => directive.locations.includes(location));
    const all = this.#careless(6) ? this.#schema.getDirectives() : fitting;
    if (all.length === 0) return this.#careless(2) ? ' @unknown' : '';
    return random
      .times(1, 2, () => random.pick(all))
      .filter((directive, i, chosen) => this.#careless(3) || directive.isRepeatable || chosen.indexOf(directive) === i)
      .map((directive) => ` @${directive.name}${this.#arguments(directive.args, isConstant)}`)
      .join('');
  }

  #selectionSet(type, depth, isQueryRoot = false) {
    const random = this.#random;
    if (random.once(80)) return random.pick(['{ }', '{ __typename }']);
    const selections = random.times(1, depth > 3 ? 2 : 4, () => this.#selection(type, depth));
    if (isQueryRoot && random.once(15)) selections.push(this.#introspection());
    return `{ ${selections.join(random.once(20) ? random.pick(separators) : ' ')} }`;
  }

  #selection(type, depth) {
    const random = this.#random;
    switch (random.below(10)) {
      case 0:
        return `__typename${this.#directives('FIELD')}`;
      case 1:
        return this.#inlineFragment(type, depth);
      case 2:
        return this.#spread(type, depth);
      default:
        if (g.isUnionType(type)) return this.#inlineFragment(type, depth);
        return this.#field(random.pick(Object.values(type.getFields())), depth);
    }
  }

  #field(field, depth) {
    const random = this.#random;
    const named = g.getNamedType(field.type);
    if (g.isCompositeType(named) && depth > deepest) return '__typename';
    const name = this.#careless(80) ? random.pick(['item', 'nam', 'kinds', '__type', '__schema']) : field.name;
    // Few names clash by chance; a number of its own keeps most fields apart.
    const alias = random.once(this.#isCareless ? 6 : 30) ? random.pick(['a: ', 'b: ', '']) : `f${this.#aliases++}: `;
    const isLeaf = !g.isCompositeType(named);
    const selectionSet =
      isLeaf !== this.#careless(80)
        ? ''
        : ` ${this.#selectionSet(isLeaf ? this.#schema.getQueryType() : named, depth + 1)}`;
    return `${alias}${name}${this.#arguments(field.args)}${this.#directives('FIELD')}${selectionSet}`;
  }

  /** A type that objects of the type can have, or seldom just any. */
  #narrower(type) {
    const random = this.#random;
    if (this.#careless(20)) return random.pick(this.#composites);
    const possible = g.isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    return random.pick([...possible, ...possible.flatMap((one) => one.getInterfaces()), type]);
  }

  #inlineFragment(type, depth) {
    const random = this.#random;
    if (depth > deepest) return '__typename';
    const narrower = random.once(4) ? type : this.#narrower(type);
    const condition =
      narrower === type && random.once(2)
        ? ''
        : ` on ${this.#careless(60) ? random.pick(['Nope', 'Enum0', 'Object00']) : narrower.name}`;
    return `...${condition}${this.#directives('INLINE_FRAGMENT')} ${this.#selectionSet(narrower, depth + 1)}`;
  }

  #spread(type, depth) {
    const random = this.#random;
    if (this.#careless(60)) return '...Missing';
    const narrower = this.#narrower(type);
    const done = this.#fragments.filter(({ text, on }) => (text !== '' || this.#careless(10)) && on === narrower);
    if (done.length > 0 && random.once(2)) return `...${random.pick(done).name}${this.#directives('FRAGMENT_SPREAD')}`;
    if (this.#fragments.length >= fragmentsMax || depth > deepest) return '__typename';
    const name = this.#careless(30) ? 'F0' : `F${this.#fragments.length}`;
    const fragment = { name, on: narrower, text: '' };
    this.#fragments.push(fragment);
    const description = random.once(12) ? `${stringLiteral(random)} ` : '';
    const selectionSet = this.#selectionSet(narrower, depth + 2);
    const directives = this.#directives('FRAGMENT_DEFINITION');
    fragment.text = `${description}fragment ${name} on ${narrower.name}${directives} ${selectionSet}`;
    return `...${name}${this.#directives('FRAGMENT_SPREAD')}`;
  }

  #introspection() {
    const random = this.#random;
    const alias = `i${this.#aliases++}`;
    const types = Object.keys(this.#schema.getTypeMap());
    const [type, field] = random.once(2)
      ? [this.#schema.getType('__Schema'), `${alias}: __schema`]
      : [this.#schema.getType('__Type'), `${alias}: __type(name: "${random.pick([...types, 'Nope'])}")`];
    return `${field} ${this.#selectionSet(type, deepest - 3)}`;
  }
}
