// A base image without a registry: this machine's own Node with the libraries it links, nothing else.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Writes `root/` for image/Dockerfile.base. @param binaries further ones whose libraries are needed. */
export function stageBase(folder, binaries = [], node = realpathSync(process.execPath)) {
  const root = join(folder, 'root');
  rmSync(root, { recursive: true, force: true });
  const put = (from, to) => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(realpathSync(from), join(root, to));
  };
  put(node, '/usr/local/bin/node');
  try {
    // Symbols are a seventh of the file and of no use without a debugger.
    execFileSync('strip', [join(root, 'usr/local/bin/node')], { stdio: 'ignore' });
  } catch {
    // No binutils here: the image is 6 MB larger.
  }
  for (const library of librariesOf([node, ...binaries])) put(library, library);
  if (existsSync(CERTIFICATES)) put(CERTIFICATES, CERTIFICATES);
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/sbin/nologin\nisvc:x:65532:65532:isvc:/tmp:/sbin/nologin\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nisvc:x:65532:\n');
  mkdirSync(join(root, 'tmp'));
  chmodSync(join(root, 'tmp'), 0o1777);
}

function librariesOf(binaries) {
  const lines = binaries.flatMap((binary) => [...execFileSync('ldd', [binary], { encoding: 'utf8' }).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((m) => m[1]));
  // What lies beside a binary comes with it.
  return new Set(lines.filter((library) => !binaries.some((binary) => dirname(binary) === dirname(library))));
}
