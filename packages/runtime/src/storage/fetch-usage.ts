import { supportedSchemes } from './sources';

export const FETCH_USAGE = `Usage: isvc-runtime fetch SOURCE TARGET [SOURCE TARGET ...] [OPTION ...]

Copies each source (a folder or one file) into its target folder. A drop-in for KServe's storage initializer.
A target is complete or untouched: files arrive in a hidden folder and are renamed when all of them are there.
A second run with an unchanged source copies nothing.

Sources: ${supportedSchemes()}, and local paths
  /mnt/pvc/iris             a path of this machine
  file:///srv/models/iris   the same
  pvc://claim/iris          ISVC_PVC_ROOT/claim/iris
  s3://bucket/iris          a folder or one object; gs:// and https://ACCOUNT.blob.core.windows.net/ likewise
  https://ACCOUNT.file.core.windows.net/share/iris   a folder or file of an Azure file share
  https://host/models.git//iris?ref=v1   a folder of a git repository, at a branch, tag or commit
  hf://owner/model:revision a snapshot of the Hugging Face hub; modelscope:// likewise
  oci://registry/iris:1.0   what an image has in /models
  https://host/iris.tar.gz  one file; an archive (tar, tar.gz, zip) is unpacked, from any store
Credentials come from the environment, by the names that KServe uses.

Options:
  --digests=FILE    what the model must be: the output of sha256sum, of one model
  --signers=FILE    public keys or certificates (PEM); the model must have an OpenSSF signature of one of them
  --signature=PATH  where that signature lies in the model (default: model.sig), or absolute on this machine
A model with a file that differs, lacks or is not listed does not appear in its target.

Environment:
  ISVC_PVC_ROOT           folder that holds the claims of pvc:// sources, one folder each
  ISVC_SOURCE_MAP         JSON object of URI prefix to local folder, whatever the scheme, for work without a network:
                          {"s3://models": "/home/me/models"} reads s3://models/iris from /home/me/models/iris
  STORAGE_ALLOW_PATTERNS, STORAGE_IGNORE_PATTERNS   which files, as shell patterns
  ISVC_FETCH_MEMORY_MIB   bound of the memory used (default: 128)
  ISVC_FETCH_DEADLINE_SECONDS, ISVC_FETCH_STALL_SECONDS, ISVC_FETCH_ATTEMPTS, ISVC_FETCH_CONNECTIONS, ISVC_FETCH_PART_MIB
                          when to give up, and how much at once (defaults: 14400, 30, 5, 8, 16)
  TERMINATION_LOG_PATH    file for the reason of a failure (default: /dev/termination-log where it exists)

Example:
  isvc-runtime fetch file:///srv/models/iris /mnt/models

Exit codes: 0 all fetched, 1 a source or target cannot be used, 2 wrong usage, 143 stopped by SIGTERM.
`;
