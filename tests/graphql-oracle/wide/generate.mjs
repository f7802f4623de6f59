// node generate.mjs COUNT SEED: cases in the form of ../gen.cjs, one a line, with another schema every few cases. They
// hold what ../gen.cjs leaves out: the whole type system, all forms of strings and numbers, several operations,
// subscriptions, introspection, directives with variables, definitions and extensions of types.
import { makeDocument } from './documents.mjs';
import { mutate } from './mutations.mjs';
import { Random } from './random.mjs';
import { makeSchema } from './schemas.mjs';

const casesPerSchema = 40;

/** Numbers that are too large for a Float are where we differ: see ../README.md. */
const hasInfinity = (text) => (text.match(/[\d.]+e\+?\d+/gi) ?? []).some((number) => Number(number) === Infinity);

const [count = 1_000, seed = 1] = process.argv.slice(2).map(Number);
const random = new Random(seed);
let made;
for (let id = 0; id < count; id++) {
  if (id % casesPerSchema === 0) made = makeSchema(random);
  const { doc, ...request } = makeDocument(random, made.schema);
  const mutated = random.once(5) ? mutate(random, doc) : doc;
  const text = hasInfinity(mutated) ? doc : mutated;
  const json = JSON.stringify({ id, schema: made.sdl, doc: text, ...request, seed: 1 + random.below(1e6) });
  // Readers of lines in Node take these two characters for the end of one.
  process.stdout.write(`${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`);
}
