// One window for all of them. The last part removes the files of the workspace.
import './sidebar/inspectorLooks.ts';
import './sidebar/engineStopped.ts';
import './sidebar/sidebar.ts';
