import { describe, expect, it } from 'vitest';
import { CommandIds, newCommandId } from './command-id';

describe('a command id', () => {
  it('is a random UUID in lower case', () => {
    expect(newCommandId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newCommandId()).not.toBe(newCommandId());
  });

  it('stays with its input until the command is done', () => {
    const ids = new CommandIds();
    const first = ids.for({ name: 'a' });
    expect(ids.for({ name: 'a' })).toBe(first);
    const second = ids.for({ name: 'b' });
    expect(second).not.toBe(first);
    ids.done();
    expect(ids.for({ name: 'b' })).not.toBe(second);
  });
});
