import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The repository, whatever the working directory is. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A path inside the repository. @param {...string} parts */
export const inRepository = (...parts) => join(root, ...parts);

/** Where `dotnet publish` puts the server that everything here starts. */
export const serverFolder = inRepository('artifacts', 'server');
