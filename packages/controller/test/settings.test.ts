import { parseSettings as parse, type Settings } from '../src/settings';

function parseSettings(...args: Parameters<typeof parse>): Settings {
  const settings = parse(...args);
  if (typeof settings === 'string') throw new Error(`asked for ${settings}`);
  return settings;
}

describe('the command line of isvc-controller', () => {
  test('has defaults for everything', () => {
    expect(parseSettings([], {})).toEqual({ kubeconfig: undefined, namespaces: undefined, namespace: 'kserve', concurrency: 8, rolloutBudget: { percent: 10 }, leaderElect: false, listen: undefined, logLevel: 'info', logFormat: 'text' });
  });

  test('takes its own namespace from the pod unless told otherwise', () => {
    expect(parseSettings([], { POD_NAMESPACE: 'serving' }).namespace).toBe('serving');
    expect(parseSettings(['--namespace', 'other'], { POD_NAMESPACE: 'serving' }).namespace).toBe('other');
  });

  test('reads all flags', () => {
    const args = ['--kubeconfig', 'f', '--namespaces', 'a, b', '--concurrency', '2', '--log-level', 'debug', '--log-format', 'json', '--leader-elect', '--listen', '[::1]:8080', '--rollout-budget', '25%'];
    expect(parseSettings(args, {})).toMatchObject({ kubeconfig: 'f', namespaces: ['a', 'b'], concurrency: 2, rolloutBudget: { percent: 25 }, leaderElect: true, listen: { host: '::1', port: 8080 }, logLevel: 'debug', logFormat: 'json' });
  });

  test('--help asks for help whatever else is wrong', () => {
    expect(parse(['--help', '--concurrency', '-'], {})).toBe('help');
    expect(parse(['-h', '--version'], {})).toBe('help');
  });

  test('--version asks for the version', () => {
    expect(parse(['--version'], {})).toBe('version');
    expect(parse(['-V'], {})).toBe('version');
  });

  test.each([
    [['--concurrency', '0'], /--concurrency.*got "0"/],
    [['--concurrency', 'many'], /got "many"/],
    [['--rollout-budget', '0'], /--rollout-budget.*got "0"/],
    [['--rollout-budget', '101%'], /1% to 100%, got "101%"/],
    [['--log-level', 'loud'], /debug, info, warn, error, got "loud"/],
    [['--log-format', 'xml'], /text, json, got "xml"/],
    [['--listen', '8080'], /HOST:PORT.*got "8080"/],
    [['--listen', ':99999'], /65535/],
    [['--namespaces', 'a,,b'], /got "a,,b"/],
    [['--kubeconfg', 'x'], /Unknown option '--kubeconfg'; did you mean "--kubeconfig" \[/],
    [['--name-spaces=a'], /Unknown option '--name-spaces'; did you mean "--namespaces"/],
    [['--frobnicate'], /Unknown option '--frobnicate'; see isvc-controller --help/],
    [['extra'], /Unexpected argument 'extra'; see isvc-controller --help/],
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
