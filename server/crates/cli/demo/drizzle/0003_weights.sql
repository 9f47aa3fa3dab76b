ALTER TABLE `products` ADD `weight_kg` real;--> statement-breakpoint
CREATE INDEX `products_title_idx` ON `products` (`title`);--> statement-breakpoint
CREATE INDEX `orders_status_idx` ON `orders` (`status`);