import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/lib/**/*.graphql',
  silent: true,
  generates: {
    'src/lib/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        // Plain strings at run time: the browser needs no GraphQL parser.
        documentMode: 'string',
        enumType: 'string-literal',
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: 'string', Long: 'number', UUID: 'string' },
      },
    },
  },
};

export default config;
