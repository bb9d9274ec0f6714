"""Why a pair is in the plan, and what any other would cost."""
