import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const server = process.env.CHAT_SERVER ?? 'http://localhost:5080';

export default defineConfig({
  plugins: [tailwindcss(), svelte()],
  build: {
    target: 'es2022',
    // The content security policy allows files of the server only, so small assets stay files.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    // The server compares a socket's Origin with its own address, so the proxy speaks in the server's name.
    proxy: { '/graphql': { target: server, ws: true, changeOrigin: true, rewriteWsOrigin: true } },
  },
});
