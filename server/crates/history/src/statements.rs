//! One migration statement by statement: what each changed and which objects it names. Made when first asked for.

use std::sync::Arc;

use languages::Use;
use languages::sql::{Effect, State, apply, statements};
use schema::{ObjectKey, Schema};
use source::Span;

use crate::reader::History;

/// A migration, looked at closely.
#[derive(Debug)]
pub struct MigrationStatements {
    /// The state before the first statement, `serial` spelled out.
    pub before: Schema,
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

    /// The states right before and right after a statement, `serial` spelled out.
    pub fn states(&self, position: usize) -> (Schema, Schema) {
        let mut before = self.before.clone();
        for statement in self.statements.iter().take(position) {
            apply_effects(&mut before, &statement.effects);
        }
        let mut after = before.clone();
        if let Some(statement) = self.statements.get(position) {
            apply_effects(&mut after, &statement.effects);
        }
        (before, after)
    }
}

fn apply_effects(schema: &mut Schema, effects: &[Effect]) {
    for Effect { key, after, .. } in effects {
        schema.set_object(key, after.clone());
    }
}

impl History {
    /// The statements of the migration at `position`.
    pub fn statements_of(&self, position: usize) -> Option<Arc<MigrationStatements>> {
        let kept = self.statements.get(position)?;
        let made = kept.get_or_init(|| Arc::new(self.look_at(position, self.unfolded_before(position))));
        Some(made.clone())
    }

    /// The statements of every migration, in the order of the folder: for a question about all of them, which then costs one replay.
    pub fn all_statements(&self) -> Vec<Arc<MigrationStatements>> {
        let mut before = self.unfolded_before(0);
        let mut all = Vec::with_capacity(self.steps.len());
        for (position, step) in self.steps.iter().enumerate() {
            let made = match self.statements.get(position) {
                Some(kept) => kept.get_or_init(|| Arc::new(self.look_at(position, before.clone()))).clone(),
                None => Arc::new(self.look_at(position, before.clone())),
            };
            all.push(made);
            apply_effects(&mut before, &step.effects);
        }
        all
    }

    fn look_at(&self, position: usize, before: Schema) -> MigrationStatements {
        let mut found = Vec::new();
        let step = self.steps.get(position);
        if let Some((step, text)) = step.and_then(|step| Some((step, step.text.as_ref()?))) {
            let mut state = State::from_schema(before.clone());
            state.begin(&step.file, true);
            let read = text.get(..step.up.end as usize).unwrap_or(text);
            for statement in statements(before.dialect, read) {
                if statement.span.start < step.up.start {
                    continue;
                }
                apply(&mut state, &statement);
                let (effects, uses) = (state.take_effects(), state.drain_uses());
                found.push(MigrationStatement { span: statement.span, effects, uses });
            }
        }
        MigrationStatements { before, statements: found }
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
