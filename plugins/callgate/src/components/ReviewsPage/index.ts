export { ReviewsPage } from './ReviewsPage';
export { ReviewsLink } from './ReviewsLink';
