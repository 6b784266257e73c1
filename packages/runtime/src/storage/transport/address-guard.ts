import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, type LookupFunction, isIP, isIPv6 } from 'node:net';
import { IsvcError } from 'cdk8s-kserve/api';

/**
 * Where instance credentials are handed out. An address in a resource, or a redirect from it, must not lead there: the
 * fetcher would carry what it finds into the model folder.
 */
const METADATA = new BlockList();
METADATA.addSubnet('169.254.0.0', 16, 'ipv4');
METADATA.addSubnet('fe80::', 10, 'ipv6');
METADATA.addAddress('fd00:ec2::254', 'ipv6');
METADATA.addAddress('fd20:ce::254', 'ipv6');
METADATA.addAddress('100.100.100.200', 'ipv4');
METADATA.addAddress('168.63.129.16', 'ipv4');

/** @param host as `URL.hostname` has it: IPv6 in brackets, IPv4 in its normal form. */
export function isMetadataAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && METADATA.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** @throws IsvcError ISVC_FETCH_UNSAFE for a literal metadata address. */
export function assertAllowedHost(url: URL): void {
  if (isMetadataAddress(url.hostname)) throw refused(url.hostname);
}

/** A DNS look-up that refuses names of metadata addresses, whatever a resolver says between check and connection. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options as LookupOptions & { all: false }, (error, address: string | LookupAddress[], family) => {
    const found = typeof address === 'string' ? [address] : (address ?? []).map((entry) => entry.address);
    if (!error && found.some(isMetadataAddress)) callback(refused(hostname), '');
    else callback(error, address as string, family);
  });
};

function refused(host: string): IsvcError {
  return new IsvcError('ISVC_FETCH_UNSAFE', `${host} is an address of instance metadata, which a model address must not reach`, { hint: 'use the address of a model store' });
}
