// One browser for all of them.
import './inspector/audit.ts';
import './inspector/cells.ts';
import './inspector/columns.ts';
import './inspector/filterBar.ts';
import './inspector/geometry.ts';
import './inspector/grid.ts';
import './inspector/groups.ts';
import './inspector/inspectorModel.ts';
import './inspector/lists.ts';
import './inspector/failures.ts';
import './inspector/states.ts';
