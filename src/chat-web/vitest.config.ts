import { compileModule } from 'svelte/compiler';
import { defineConfig, type Plugin } from 'vitest/config';

/** Compiles the state classes (`*.svelte.ts`) alone: components are tested in a real browser by the journeys. */
const runes: Plugin = {
  name: 'runes',
  enforce: 'post',
  transform(code, id) {
    const filename = id.split('?')[0] ?? id;
    if (!filename.endsWith('.svelte.ts')) return undefined;
    const { js } = compileModule(code, { filename, generate: 'client', dev: false });
    return { code: js.code, map: js.map };
  },
};

export default defineConfig({
  plugins: [runes],
  resolve: { conditions: ['browser'] },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts'],
    mockReset: true,
    server: { deps: { inline: ['svelte'] } },
  },
});
