import { Agent, request } from 'node:http';

export interface SteadyLoad {
  /** Requests that were answered with 200 so far. */
  readonly answered: number;
  /** What was not, each with its cause; empty when no request was lost. */
  readonly failures: readonly string[];
  /** Lets the requests in flight end. */
  stop(): Promise<void>;
}

export interface SteadyLoadOptions {
  readonly gateway: string;
  readonly host: string;
  readonly path: string;
  readonly body: unknown;
  /** How many requests are in flight at any time. */
  readonly concurrency: number;
}

/** Asks again and again over kept connections, as a client under load does. */
export function steadyLoad({ gateway, host, path, body, concurrency }: SteadyLoadOptions): SteadyLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const text = JSON.stringify(body);
  const failures: string[] = [];
  let answered = 0;
  let stopping = false;

  const once = (): Promise<string | undefined> =>
    new Promise((resolve) => {
      const headers = { host, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const call = request(new URL(path, gateway), { method: 'POST', agent, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
        response.on('end', () => resolve(response.statusCode === 200 ? undefined : `${response.statusCode} ${answer}`));
        response.on('error', (error) => resolve(error.message));
      });
      call.on('error', (error) => resolve(error.message));
      call.end(text);
    });

  async function client(): Promise<void> {
    while (!stopping) {
      const failure = await once();
      if (failure === undefined) answered += 1;
      else failures.push(failure);
    }
  }

  const clients = Promise.all(Array.from({ length: concurrency }, client));
  return {
    get answered() {
      return answered;
    },
    failures,
    stop: async () => {
      stopping = true;
      await clients;
      agent.destroy();
    },
  };
}
