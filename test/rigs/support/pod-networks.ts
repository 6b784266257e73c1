import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { PodNetwork } from 'cdk8s-kserve-local';
import type { OwnNetwork } from './own-network';

const run = promisify(execFile);
const CONNECT = `set -e
ip link set lo up
ip address add "$1" dev eth0
ip link set eth0 up
ip route add default via "$2"`;

/**
 * A network namespace for each pod, connected to the run's own network by a pair of virtual interfaces. It ends, interfaces
 * and all, with the last process in it; nothing has to be taken away.
 */
export function podNetworks({ bridge, pods: { gateway, prefix } }: OwnNetwork): () => Promise<PodNetwork> {
  const [a, b] = gateway.split('.');
  // The first address is the gateway's.
  let last = 1;
  return async () => {
    const number = ++last;
    const address = `${a}.${b}.${number >> 8}.${number & 255}`;
    const { pid, end } = await holdNetwork();
    const enter = ['nsenter', `--net=/proc/${pid}/ns/net`, '--'];
    const [nsenter = '', ...into] = enter;
    try {
      await run('ip', ['link', 'add', `pod${number}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)]);
      await run('ip', ['link', 'set', `pod${number}`, 'master', bridge, 'up']);
      await run(nsenter, [...into, 'sh', '-c', CONNECT, 'sh', `${address}/${prefix}`, gateway]);
    } catch (error) {
      await end();
      throw error;
    }
    // However this process ends, those of the pods do too.
    return { address, enter: ['setpriv', '--pdeathsig', 'KILL', ...enter], release: end };
  };
}

/** A process that does nothing but have a new network, until its input ends; that of a dead parent does. */
function holdNetwork(): Promise<{ readonly pid: number; end(): Promise<void> }> {
  const holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  return new Promise((resolve, reject) => {
    holder.once('error', reject);
    holder.once('exit', (code) => reject(new Error(`unshare ended with ${code}`)));
    // What comes back has passed through the program, which is in the new network.
    holder.stdout.once('data', () => resolve({
      pid: holder.pid ?? 0,
      end: () => {
        holder.stdin.end();
        return ended;
      },
    }));
    holder.stdin.on('error', () => undefined).write('\n');
  });
}
