import { withSubcommand } from '../../src/cli/run-command';

describe('withSubcommand', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['--model_name=iris', '--http_port=8080'], ['serve', '--model_name=iris', '--http_port=8080']],
    [['s3://models/iris', '/mnt/models'], ['fetch', 's3://models/iris', '/mnt/models']],
    [['/mnt/source', '/mnt/models'], ['fetch', '/mnt/source', '/mnt/models']],
    [['serve', '--model_name=iris'], ['serve', '--model_name=iris']],
    [['fetch', 'file:///a', '/b'], ['fetch', 'file:///a', '/b']],
    [['--help'], ['--help']],
    [['-V'], ['-V']],
    [[], []],
    [['serv'], ['serv']],
  ])('%j means %j', (args, expected) => expect(withSubcommand(args)).toEqual(expected));
});
