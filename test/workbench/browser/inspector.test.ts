// One window for all of them.
import './inspector/inspectorColumns.ts';
import './inspector/inspectorGroups.ts';
import './inspector/inspectorRows.ts';
import './inspector/inspectorPanes.ts';
import './inspector/inspectorTabs.ts';
