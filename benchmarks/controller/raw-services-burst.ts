import { contenders } from './contenders';
import { measureLife, type Figures } from './service-life';

const SERVICES = numberOf('BENCH_SERVICES', 1000);
const SECRETS = numberOf('BENCH_SECRETS', 8 * SERVICES);
const WAITING = Math.min(300, SERVICES);

/**
 * The life of a thousand raw services on a real API server, by our controller and by KServe's own, each on a control plane
 * of its own: a burst, ready, idleness, a restart, an edit of their runtime, deletion, pods that never come. Requests are
 * counted by the API server's audit log, CPU and memory by Linux.
 */
export async function run(): Promise<void> {
  const figures = new Map<string, Figures>();
  const { all, gatewayApi } = contenders();
  for (const contender of all) {
    console.log(`\n${contender.name}: ${SERVICES} services beside ${SECRETS} Secrets`);
    figures.set(contender.name, await measureLife(contender, { services: SERVICES, secrets: SECRETS, waiting: gatewayApi ? WAITING : 0 }));
  }
  printTable(figures);
  console.log(JSON.stringify({ services: SERVICES, secrets: SECRETS, ...Object.fromEntries([...figures].map(([name, of]) => [name, Object.fromEntries(of)])) }));
}

/** One row a figure, one column a controller, and how many times ours the other needs. */
function printTable(figures: ReadonlyMap<string, Figures>): void {
  const [[ours, first] = ['', new Map<string, number>()], other] = [...figures];
  console.log(`\n| measure | ${ours} |${other ? ` ${other[0]} | ratio |` : ''}\n| --- | --- |${other ? ' --- | --- |' : ''}`);
  for (const [what, value] of first) {
    const theirs = other?.[1].get(what);
    console.log(`| ${what} | ${round(value)} |${theirs === undefined ? '' : ` ${round(theirs)} | ${value === 0 ? '-' : `${round(theirs / value)} x`} |`}`);
  }
}

function round(value: number): string {
  return String(Number(value.toPrecision(value >= 1000 ? 4 : 3)));
}

function numberOf(variable: string, otherwise: number): number {
  const given = process.env[variable];
  if (given === undefined) return otherwise;
  if (!/^\d+$/.test(given)) throw new Error(`${variable} must be a whole number, got ${given}`);
  return Number(given);
}
