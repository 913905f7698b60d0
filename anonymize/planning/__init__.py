"""From rules and a schema to a plan, and what the plan lets one say. No data is touched."""
