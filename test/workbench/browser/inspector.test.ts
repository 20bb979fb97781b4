// One window for all of them. The pictures of the first part show a glance and rows as in a new window. The last part
// removes the files of the workspace.
import './sidebar/inspectorLooks.ts';
import './inspector/inspectorColumns.ts';
import './inspector/inspectorGroups.ts';
import './inspector/inspectorRows.ts';
import './inspector/inspectorPanes.ts';
import './inspector/inspectorTabs.ts';
import './sidebar/engineStopped.ts';
import './sidebar/sidebar.ts';
