import { changeDigit } from '../support/damage';
import { mutate, oneOf } from '../support/fuzz';
import { ask } from '../support/http';
import type { Fuzzer } from './fuzzer';
import { GOOD_BODY, GOOD_PATH, REST_ALLOWED } from './rest-messages';
import { throwAt } from './throw-at';

/** What Node's parser answers, and what the server does. */
const ALLOWED: ReadonlySet<number> = new Set([...REST_ALLOWED, 408, 411, 417, 426, 431, 505]);

const SEEDS = [
  `POST ${GOOD_PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${GOOD_BODY.length}\r\n\r\n${GOOD_BODY}`,
  `POST ${GOOD_PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${GOOD_BODY.length.toString(16)}\r\n${GOOD_BODY}\r\n0\r\n\r\n`,
  'GET /v2/models/sk HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n',
].map((text) => Buffer.from(text));

/** Damaged requests as bytes, each on a connection of its own. */
export const HTTP1_BYTES: Fuzzer = {
  protocol: 'http1-bytes',
  seeds: SEEDS.length,
  connect({ port }) {
    return {
      async send(random) {
        const seed = oneOf(SEEDS, random);
        const bytes = random(8) === 0 ? changeDigit(seed, random) : mutate(seed, random);
        const received = (await throwAt(port, bytes, random(5) === 0)).toString('latin1');
        const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
        const wrong = statuses.find((status) => !ALLOWED.has(status));
        if (wrong !== undefined) throw new Error(`${wrong} for ${bytes.toString('latin1')}: ${received.slice(0, 500)}`);
        const last = statuses.at(-1);
        return { answer: last === undefined ? 'closed' : String(last), kept: statuses.length > 1, refused: last !== 200 };
      },
      async works() {
        const { text } = await ask(port, GOOD_PATH, { body: GOOD_BODY });
        if (text !== '{"predictions":[10]}') throw new Error(`${text} for a good request`);
      },
      close: () => {},
    };
  },
};
