// node introspections.mjs COUNT SEED: cases of ../oracle.cjs that introspect one schema each, with the text
// that the reference implementation prints of the schema.
import * as g from 'graphql';
import { Random } from './random.mjs';
import { makeSchema } from './schemas.mjs';

const doc = g.getIntrospectionQuery({
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  experimentalDirectiveDeprecation: true,
  oneOf: true,
});

const [count = 100, seed = 1] = process.argv.slice(2).map(Number);
const random = new Random(seed);
for (let id = 0; id < count; id++) {
  const { sdl, schema } = makeSchema(random);
  const json = JSON.stringify({ id, schema: sdl, doc, printed: g.printSchema(schema) });
  process.stdout.write(`${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`);
}
