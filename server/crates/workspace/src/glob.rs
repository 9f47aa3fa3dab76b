//! What a pattern of a Drizzle configuration names, in drizzle-kit's order.
