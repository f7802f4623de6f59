// Without arguments: prints the standard introspection query. With "build": reads its result from stdin, builds the client schema from it and prints that.
const g = require('graphql');
if (process.argv[2] !== 'build') process.stdout.write(g.getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }));
else {
  const schema = g.buildClientSchema(JSON.parse(require('fs').readFileSync(0, 'utf8')).data);
  const problems = g.validateSchema(schema);
  if (problems.length) { console.error(problems.map(String).join('\n')); process.exit(1); }
  process.stdout.write(g.printSchema(schema));
}
