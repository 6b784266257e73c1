import { FUZZ_SEED, heapInUse, seededCase } from '../support/fuzz';
import { callFrames, openHttp2 } from '../support/http2-frames';
import { serveProcess } from '../support/runtime-process';
import { until } from '../../../../test/support/until';
import { GOOD_MESSAGE, INFER } from './grpc-messages';
import { ATTACKS, HTTP2_FLOODS } from './http2-floods';
import { openSockets, startTarget } from './target';

test('a server that stops does not wait for attackers, gone or not, until it has to cut them', async () => {
  const server = await startTarget(300, { shutdownTimeoutSeconds: 30 });
  const before = openSockets();
  // Those that the server ends have nothing to keep it with.
  const attackers = Object.entries(ATTACKS).filter(([, { then }]) => then !== 'ends').flatMap(([name, { first, bytes }], number) => [true, false].map((stays) => {
    const connection = openHttp2(server.port, first);
    connection.send(bytes(seededCase(FUZZ_SEED, name, number))[0]);
    return { stays, connection };
  }));
  const other = openHttp2(server.port);
  other.send(callFrames(1, INFER, GOOD_MESSAGE));
  expect(await other.answers(1)).toBe(true);
  for (const { stays, connection } of attackers) if (!stays) connection.end();
  expect(await server.close()).toBe(0);
  for (const { connection } of attackers) connection.end();
  other.end();
  await until('all connections are let go', () => openSockets() <= before);
  expect(server.faults).toEqual([]);
});

test('SIGTERM ends a process long before its shutdown timeout, with clients that Node does not see leave', async () => {
  const runtime = await serveProcess(['--shutdown_timeout_seconds=300']);
  for (const name of ['data on a half that is closed', 'data after the end of a call']) {
    const attacker = openHttp2(runtime.port);
    attacker.send(ATTACKS[name]?.bytes(seededCase(FUZZ_SEED, name, 0))[0] ?? Buffer.alloc(0));
    await until(`the end of the session after ${name}`, () => attacker.told);
    attacker.end();
  }
  runtime.child.kill('SIGTERM');
  const ended = { yet: false };
  void runtime.exit.then(() => (ended.yet = true));
  await until('the end of the process', () => ended.yet);
  expect(await runtime.exit).toBe(0);
});

test('calls that end before they have sent a message leave nothing behind', async () => {
  const server = await startTarget(0.5);
  const floods = HTTP2_FLOODS.connect(server);
  const number = Object.keys(ATTACKS).indexOf('thousands of calls at once');
  const repeat = async (times: number): Promise<number> => {
    for (let time = 0; time < times; time++) await floods.send(seededCase(FUZZ_SEED, 'leave', time), number);
    return heapInUse();
  };
  const first = await repeat(3);
  // More than 8,000 calls.
  expect((await repeat(8)) - first).toBeLessThan(8 * 1024 * 1024);
  await server.close();
});
