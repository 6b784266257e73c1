/**
 * Ends this process when the one that started it has died, however it died: where `ISVC_EXIT_WITH_PARENT` is set, standard
 * input is a pipe that the parent holds open and never writes to. The end comes as a SIGTERM, so that running requests
 * are answered and half a copy is removed.
 */
export function exitWithParent(env: NodeJS.ProcessEnv): void {
  if (!env['ISVC_EXIT_WITH_PARENT']) return;
  const { stdin } = process;
  stdin.once('close', () => process.kill(process.pid, 'SIGTERM')).on('error', () => {}).resume();
  // Watching must not keep a process alive that is otherwise done, as after an unexpected failure; a redirected file has no `unref`.
  if ('unref' in stdin) stdin.unref();
}
