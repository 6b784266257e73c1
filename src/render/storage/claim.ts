import { MODEL_DIR, TerminalError, type PodSpec, type StringMap } from '../../api';
import { isReadOnly, mountInReaders, withVolumes } from './model-mount';
import type { StoredPod } from './request';
import { assertNothingToVerify } from './verification';

const CLAIM_VOLUME = 'kserve-pvc-source';

/** `pvc://claim/sub/path`: the claim itself is the model folder, nothing is copied. */
export function mountClaim(pod: PodSpec, uri: string, path: string, annotations: StringMap, mountPath = MODEL_DIR, volumeName = CLAIM_VOLUME): StoredPod {
  const [claimName = '', ...folders] = uri.slice('pvc://'.length).split('/').filter((part) => part !== '');
  if (claimName === '' || folders.includes('..')) {
    throw new TerminalError('ISVC_RENDER_STORAGE_URI', `"${uri}" must read pvc://CLAIM or pvc://CLAIM/FOLDER, without ".."`, { path });
  }
  assertNothingToVerify(annotations, uri, path, 'remove the annotation, or fetch the model from a store');
  const mount = { name: volumeName, mountPath, ...(folders.length > 0 ? { subPath: folders.join('/') } : {}), readOnly: isReadOnly(annotations) };
  const volume = { name: volumeName, persistentVolumeClaim: { claimName, readOnly: false } };
  return {
    pod: withVolumes(mountInReaders(pod, mount), [volume]),
    decisions: [{ topic: 'storage', choice: `mount claim ${claimName}`, because: 'a pvc:// address is mounted, not copied' }],
  };
}
