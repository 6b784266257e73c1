// A network of its own for a run: programs that insist on ports and addresses disturb nobody, and all of it ends with the last process.
import { spawnSync } from 'node:child_process';

/** What tests find there. Only the names of Services, their addresses and pods have to be brought to life by the tests. */
const NETWORK = {
  /** Where names are asked for. It is one of the addresses of Services, all of which this network takes for its own. */
  dns: '10.96.0.10',
  /** Pods are connected to this bridge, at addresses of `pods` from 10.244.0.2 on. */
  bridge: 'pods',
  pods: { gateway: '10.244.0.1', prefix: 16 },
};
const SERVICES = '10.96.0.0/16';

const SET_UP = `set -e
ip link set lo up
ip link add ${NETWORK.bridge} type bridge
ip address add ${NETWORK.pods.gateway}/${NETWORK.pods.prefix} dev ${NETWORK.bridge}
ip link set ${NETWORK.bridge} up
ip route add local ${SERVICES} dev lo
# The API server looks for an address of its own along the default route.
ip route add default dev ${NETWORK.bridge}
names=$(mktemp)
echo 'nameserver ${NETWORK.dns}' > "$names"
mount --bind "$names" /etc/resolv.conf
rm "$names"
exec "$@"`;

/**
 * @returns `words` to put before those of a program, and `env` that tells tests of the network; or why this machine `refuses`.
 */
export function ownNetwork() {
  const tried = [];
  // The second way is open to users who are not root, on most machines.
  for (const rights of [[], ['--map-root-user']]) {
    const words = ['unshare', ...rights, '--net', '--mount', 'sh', '-c', SET_UP, 'sh'];
    const { status, error, stderr } = spawnSync(words[0], [...words.slice(1), 'true'], { encoding: 'utf8' });
    if (status === 0) return { words, env: { ISVC_TEST_NETWORK: JSON.stringify(NETWORK) } };
    tried.push((error?.message ?? stderr).trim());
  }
  return { refuses: tried.join('; ') };
}
