import { join } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { joinInside } from './join-inside';
import { localListing } from './local-listing';
import type { Source } from './source';

const PREFIX = 'pvc://';

/**
 * `pvc://claim/path`: a claim that is mounted below the folder of `ISVC_PVC_ROOT`. In a cluster the renderer mounts the
 * claim and gives the mount path instead; this is for machines where claims are folders side by side.
 */
export const pvcSource: Source = {
  schemes: ['pvc'],
  async list(uri, session) {
    const root = session.env['ISVC_PVC_ROOT'];
    if (!root) {
      throw new IsvcError('ISVC_FETCH_CONFIG', 'ISVC_PVC_ROOT is not set, so there is no folder to look for the claim in', {
        path: uri,
        hint: 'mount the claim and use its path as the source, or set ISVC_PVC_ROOT to the folder that holds the claims',
      });
    }
    const [claim = '', ...rest] = uri.slice(PREFIX.length).split('/');
    if (claim === '' || claim === '.' || claim === '..') {
      throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address names no claim', { path: uri, hint: 'write it as pvc://CLAIM/PATH' });
    }
    return localListing(joinInside(join(root, claim), rest.join('/'), uri), uri, session);
  },
};
