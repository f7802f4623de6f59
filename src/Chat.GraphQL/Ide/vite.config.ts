import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // The server answers GET {path} with index.html and everything below {path}/ide/ with the built files. What path that
  // is only the server knows: it puts it in the place of "./".
  base: './',
  plugins: [react()],
  // The GraphQL worker loads its formatter on demand, so workers are split and therefore modules.
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Monaco is one large editor; splitting it further only adds requests.
    chunkSizeWarningLimit: 6000,
    reportCompressedSize: false,
    // The polyfill is not needed by browsers that run the IDE.
    modulePreload: { polyfill: false },
    rollupOptions: {
      onwarn(warning, warn) {
        // The packages carry React compiler directives that mean nothing once bundled.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: { proxy: { '^/graphql$': { target: 'http://localhost:5080', ws: true } } },
});
