import { existsSync } from 'node:fs';

const places = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'];

/** Whether a Redis can be started here; the tests start one of their own. */
export const redisIsThere = () => places.some(existsSync);
