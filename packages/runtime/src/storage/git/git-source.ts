import { IsvcError } from 'cdk8s-kserve/api';
import type { Source } from '../source';
import { redactUri } from '../transport/redact';

/**
 * `https://host/path.git`: recognised, so that no log-in page is stored in place of a model.
 *
 * KServe differs: it clones. The image of the fetcher has no git, and half a git (no LFS, no credential rules) would be worse
 * than an archive of the same commit, which every forge serves over HTTPS.
 */
export const gitSource: Source = {
  schemes: [],
  matches: (uri) => /^https?:\/\/[^?#]*\.git(\/|$)/i.test(uri),
  list: (uri) =>
    Promise.reject(new IsvcError('ISVC_FETCH_SCHEME', 'git repositories are not cloned by this version', {
      path: redactUri(uri),
      hint: 'use the archive address of the commit (.tar.gz), or hf:// for the Hugging Face hub',
    })),
};
