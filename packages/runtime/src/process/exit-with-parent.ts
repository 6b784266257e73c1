/**
 * Ends this process when the one that started it is gone, however it went: standard input is a pipe from the parent
 * that nobody writes to, and the kernel closes it with the parent. Local mode asks for it by ISVC_EXIT_WITH_PARENT=1;
 * in a container, where standard input is /dev/null from the start, nobody does.
 */
export function exitWithParent(env: NodeJS.ProcessEnv): void {
  if (env['ISVC_EXIT_WITH_PARENT'] !== '1') return;
  const { stdin } = process;
  stdin.on('error', () => undefined);
  stdin.once('close', () => process.exit(1));
  stdin.resume();
  // Watching must not keep a finished fetcher alive. Pipes have `unref`; a redirected file ends at once anyway.
  if ('unref' in stdin) stdin.unref();
}
