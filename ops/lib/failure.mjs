/** An expected failure: its message is for the person at the terminal, so it is printed without a stack. */
export class Failure extends Error {}

/**
 * Runs a script's main function and turns its end into an exit code.
 * @param {() => Promise<number>} main answers the exit code
 */
export async function runMain(main) {
  // A terminal or pipe that goes away must not keep the script from stopping what it started.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Failure ? `\n  ${error.message}\n` : (permissionMessage(error) ?? error));
    process.exitCode = 1;
  }
}

/** A folder of another user is the commonest surprise: say so instead of showing a stack. */
function permissionMessage(error) {
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error?.code) || !error.path) return null;
  const advice = 'start as the user that the folder belongs to, or choose another one';
  return `\n  ${error.path} cannot be written (${error.code}): ${advice}.\n`;
}
