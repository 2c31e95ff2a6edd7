import { SSHD } from './ssh-server';

/** Says aloud what is left out where the system has no sshd. */
export const describeWithSshd: jest.Describe = SSHD === undefined ? skipAloud() : describe;

function skipAloud(): jest.Describe {
  process.stderr.write('skipped: no sshd (openssh-server) on this machine\n');
  return describe.skip;
}
