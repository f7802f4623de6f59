import { configDefaults, defineConfig } from 'vitest/config';

/** This one measures how long a message takes, so it has the machine to itself. */
const measured = 'journeys/two-people.test.mjs';
const workersMax = 2;

const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    minWorkers: 1,
    maxWorkers: workersMax,
    projects: [
      { test: { ...common, name: 'measured', include: [measured], sequence: { groupOrder: 1 } } },
      {
        // Each has a server and a database of its own, and waits more than it works.
        test: {
          ...common,
          name: 'others',
          include: ['journeys/**/*.test.mjs'],
          exclude: [...configDefaults.exclude, measured],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
