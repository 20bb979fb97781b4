// One window for all of them.
import './inspector/inspectorRows.ts';
import './inspector/inspectorPanes.ts';
import './inspector/inspectorTabs.ts';
