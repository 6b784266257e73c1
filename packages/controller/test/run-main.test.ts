import { parseSettings } from '../src/run-main';

describe('the command line of isvc-controller', () => {
  test('has defaults for everything', () => {
    expect(parseSettings([], {})).toEqual({ kubeconfig: undefined, namespaces: undefined, namespace: 'kserve', concurrency: 8, logLevel: 'info' });
  });

  test('takes its own namespace from the pod unless told otherwise', () => {
    expect(parseSettings([], { POD_NAMESPACE: 'serving' })?.namespace).toBe('serving');
    expect(parseSettings(['--namespace', 'other'], { POD_NAMESPACE: 'serving' })?.namespace).toBe('other');
  });

  test('reads all flags', () => {
    const args = ['--kubeconfig', 'f', '--namespaces', 'a, b', '--concurrency', '2', '--log-level', 'debug'];
    expect(parseSettings(args, {})).toMatchObject({ kubeconfig: 'f', namespaces: ['a', 'b'], concurrency: 2, logLevel: 'debug' });
  });

  test('--help asks for help whatever else is wrong', () => {
    expect(parseSettings(['--help', '--concurrency', '-'], {})).toBeUndefined();
  });

  test.each([
    [['--concurrency', '0'], /--concurrency.*got "0"/],
    [['--concurrency', 'many'], /got "many"/],
    [['--log-level', 'loud'], /debug, info, warn, error, got "loud"/],
    [['--namespaces', 'a,,b'], /got "a,,b"/],
    [['--kubeconfg', 'x'], /kubeconfg/],
    [['extra'], /extra/],
  ])('%j is refused with what is allowed', (args, message) => {
    let line = '';
    try {
      parseSettings(args, {});
    } catch (error) {
      line = (error as { toLine(): string }).toLine();
    }
    expect(line).toMatch(message);
    expect(line).toContain('[ISVC_CLI_USAGE]');
  });
});
