export { CODE_SERVERS, installedVscode, installVscode, vscodeFolder } from './install';
export { QUIET_SETTINGS, serveVscode, workbenchUrl } from './serve';
export type { ServeOptions, VscodeServer, WorkbenchTarget } from './serve';
