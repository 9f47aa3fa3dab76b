//! One migration statement by statement: what each changed and which objects it names. Made when first asked for, and kept with the
//! replay of the migration for as long as that stays.

use std::sync::Arc;

use languages::Use;
use languages::sql::{Effect, State, apply, statements};
use schema::{ObjectKey, Schema};
use source::Span;

use crate::reader::History;
use crate::replay::Step;

/// A migration, looked at closely.
#[derive(Debug, Default)]
pub struct MigrationStatements {
    pub statements: Vec<MigrationStatement>,
}

/// One statement of a migration.
#[derive(Debug)]
pub struct MigrationStatement {
    pub span: Span,
    pub effects: Vec<Effect>,
    /// Every place in it that names an object.
    pub uses: Vec<Use>,
}

impl MigrationStatements {
    /// The statement at an offset.
    pub fn at(&self, offset: u32) -> Option<usize> {
        self.statements.iter().position(|statement| statement.span.touches(offset))
    }

    fn of(step: &Step, state: &mut State) -> MigrationStatements {
        let mut found = Vec::new();
        if let Some(text) = &step.text {
            state.begin(&step.file, true);
            let read = text.get(..step.up.end as usize).unwrap_or(text);
            for statement in statements(state.schema().dialect, read) {
                if statement.span.start < step.up.start {
                    continue;
                }
                apply(state, &statement);
                let (effects, uses) = (state.take_effects(), state.drain_uses());
                found.push(MigrationStatement { span: statement.span, effects, uses });
            }
            // The step has told what is wrong.
            state.take_diagnostics();
        }
        MigrationStatements { statements: found }
    }
}

impl History {
    /// The statements of the migration at `position`.
    pub fn statements_of(&self, position: usize) -> Option<&Arc<MigrationStatements>> {
        let step = self.steps.get(position)?;
        let made = step.statements.get_or_init(|| {
            let mut state = State::from_schema(self.unfolded_before(position));
            Arc::new(MigrationStatements::of(step, &mut state))
        });
        Some(made)
    }

    /// The statements of every migration, in the order of the folder: for a question about all of them. The first time it costs one
    /// replay; after an edit, the replay of what follows it.
    pub fn all_statements(&self) -> Vec<Arc<MigrationStatements>> {
        if let Some(first) = self.steps.iter().position(|step| step.statements.get().is_none()) {
            let mut state = State::from_schema(self.unfolded_before(first));
            for step in self.steps.iter().skip(first) {
                let made = MigrationStatements::of(step, &mut state);
                step.statements.get_or_init(|| Arc::new(made));
            }
        }
        self.steps.iter().filter_map(|step| step.statements.get().cloned()).collect()
    }

    /// The state before a statement of the migration at `position`, or after its last where it has no more; `serial` spelled out.
    pub fn state_before(&self, position: usize, statement: usize) -> Schema {
        let mut schema = self.unfolded_before(position);
        for statement in self.statements_of(position).iter().flat_map(|it| it.statements.iter().take(statement)) {
            apply_effects(&mut schema, &statement.effects);
        }
        schema
    }

    /// The states right before and right after a statement, `serial` spelled out.
    pub fn states_at(&self, position: usize, statement: usize) -> (Schema, Schema) {
        let before = self.state_before(position, statement);
        let mut after = before.clone();
        if let Some(statement) = self.statements_of(position).and_then(|it| it.statements.get(statement)) {
            apply_effects(&mut after, &statement.effects);
        }
        (before, after)
    }

    /// The migrations that touched an object or what it belongs to, in their order.
    pub fn touched_by(&self, keys: &[ObjectKey]) -> Vec<usize> {
        let touches = |position: &usize| {
            let step = self.steps.get(*position);
            step.is_some_and(|step| step.effects.iter().any(|effect| keys.contains(&effect.key)))
        };
        (0..self.steps.len()).filter(touches).collect()
    }
}

fn apply_effects(schema: &mut Schema, effects: &[Effect]) {
    for Effect { key, after, .. } in effects {
        schema.set_object(key, after.clone());
    }
}
