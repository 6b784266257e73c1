import { runRuntime } from '../support/runtime-process';

describe('isvc-runtime', () => {
  test.each([['--help'], ['-h'], ['help']])('%s names the commands', async (argument) => {
    const runtime = runRuntime([argument]);
    expect(await runtime.exit).toBe(0);
    expect(runtime.stdout()).toMatch(/Usage: isvc-runtime COMMAND[^]*serve[^]*fetch/);
  });

  test('without arguments it shows the help', async () => {
    const runtime = runRuntime([]);
    expect(await runtime.exit).toBe(0);
    expect(runtime.stdout()).toContain('Usage: isvc-runtime COMMAND');
  });

  test('--version prints the version alone', async () => {
    const runtime = runRuntime(['--version']);
    expect(await runtime.exit).toBe(0);
    expect(runtime.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    [['--model_name=m', '--http_port=0'], 'isvc-runtime serve: --model_dir is required'],
    [['file:///nope', '/tmp/x'], 'isvc-runtime fetch: file:///nope: there is no file'],
    [['/nope', '/tmp/x'], 'isvc-runtime fetch: /nope: there is no file'],
    [['ftp://models/iris', '/tmp/x'], 'isvc-runtime fetch: ftp://models/iris: nothing here fetches ftp://'],
  ])('%j implies its command, as the arguments of KServe\'s images do', async (args, start) => {
    const runtime = runRuntime(args);
    await runtime.exit;
    expect(runtime.stderr().slice(0, start.length)).toBe(start);
  });

  test.each([
    ['serv', 'there is no subcommand "serv"; there are serve, fetch; did you mean "serve" [ISVC_CLI_USAGE]'],
    ['constructor', 'there is no subcommand "constructor"; there are serve, fetch; see isvc-runtime --help [ISVC_CLI_USAGE]'],
  ])('%s is refused with exit code 2', async (name, message) => {
    const runtime = runRuntime([name]);
    expect(await runtime.exit).toBe(2);
    expect(runtime.stderr()).toBe(`isvc-runtime ${name}: ${message}\n`);
  });
});
