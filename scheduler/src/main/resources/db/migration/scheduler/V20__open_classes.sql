-- The classes of its image that were open to a choice, apart by spaces; none where any was. Choices from before have nothing here:
-- all classes were open to them, and who was drawn was drawn in the class where the drawn asked least.
ALTER TABLE placement ADD COLUMN classes text;
